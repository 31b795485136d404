"""The monthly compliance report: one set of figures, shown as a page, a PDF and a CSV file."""
