"""`python -m dstore` is the command line."""

from dstore.cli import main

if __name__ == "__main__":
    main()
