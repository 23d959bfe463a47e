"""What is told: a report is data; one drawer each turns it into PDF, XLSX, CSV, JSON and a page."""
