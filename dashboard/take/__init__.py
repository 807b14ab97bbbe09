"""What a reader takes along: tables of the selection, written as CSV, workbook, Stata, Parquet, or all in one archive.

table      columns with labels, rows in parts
states     why a cell is empty, one word a kind
long, wide the cells of the selected reports; lists: reports, tables, code book
comma, workbook, stata, parquet   one format each
slip       what a file says of itself: filters, switches, version, citation
bundle     all of it as one archive
"""
