"""The drill: a bounded run of a campaign on scratch data, whose every count must reconcile."""
