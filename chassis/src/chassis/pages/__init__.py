"""What does every page of the suite have? Frame, words in two languages, forms, tables, confirmations, one look."""
