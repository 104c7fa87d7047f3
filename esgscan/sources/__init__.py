"""Facts from outside: fund holdings and exchange rates, one publisher or layout per file."""
