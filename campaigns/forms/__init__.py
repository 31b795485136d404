"""Forms of the app's pages; services check once more and write."""
