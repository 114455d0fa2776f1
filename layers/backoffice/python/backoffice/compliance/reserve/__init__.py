"""The customer reserve of SEC rule 15c3-3, and possession or control of customers' securities."""
