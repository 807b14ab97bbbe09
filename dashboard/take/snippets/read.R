# Read long.csv and wide.csv; base R is enough. Run it in the folder of the files.
read <- function(name) {
  table <- read.csv(name, fileEncoding = "UTF-8-BOM", check.names = FALSE, na.strings = "", stringsAsFactors = FALSE)
  # The first apostrophe before a text that would run as a formula is ours.
  text <- vapply(table, is.character, logical(1))
  formula <- "^'(?='*[\\s\\x{3000}\\x{feff}\\x{200b}]*[=+\\-@|%\\x{ff1d}\\x{ff0b}\\x{ff0d}\\x{ff20}\\x{ff5c}\\x{ff05}])"
  table[text] <- lapply(table[text], function(column) sub(formula, "", column, perl = TRUE))
  table
}
long <- read("long.csv")
wide <- read("wide.csv")
print(table(long$state))
print(aggregate(value ~ label_zh, data = long[long$counted == "True", ], FUN = sum))
