"""Council post: what came in, read in the window, and set beside the group's own figures."""
