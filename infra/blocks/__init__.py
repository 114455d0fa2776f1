"""The only place for runtimes, memory, logs, retries and alarms."""
