"""Spreadsheets, in and out: tables as text, CSV, XLSX. Knows nothing of what stands in them."""
