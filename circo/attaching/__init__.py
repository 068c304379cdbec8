"""Documents that people attach: known by their content alone, pictures made again. Each app keeps its own."""
