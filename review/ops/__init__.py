"""The operator's side: logs, health, metrics, backup, verify, retention. Loads nothing by itself."""
