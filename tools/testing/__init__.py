"""Parts of ./clinic test and the runner that adds them up."""
