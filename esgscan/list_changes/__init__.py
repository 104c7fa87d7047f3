"""Publishers' lists against our watchlist: what is new, ended, renamed, and which companies are candidates."""
