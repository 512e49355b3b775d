"""Show a site while it is written: what is asked for first, and in the browser whatever has changed."""
