make demo       # builds it and shows it at work: allowed, denied, recorded, explained
make check      # builds it and runs the tests
