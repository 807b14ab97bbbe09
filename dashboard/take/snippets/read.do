* Read wide.dta; Stata 14 or newer. Missing values say why: .a blank, .b dash, .c text, .d not on the form, and so on.
use "wide.dta", clear
describe
label list
capture tabulate report_year form, missing
* The long table, with a text column state beside each value:
import delimited "long.csv", encoding("utf-8") bindquote(strict) maxquotedrows(unlimited) varnames(1) clear
tabulate state, missing
