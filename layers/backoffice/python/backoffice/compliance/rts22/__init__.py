"""Transaction reports under MiFIR article 26 and Delegated Regulation (EU) 2017/590 (RTS 22)."""
