"""Windows that open above the window and signal; none is waited for."""
