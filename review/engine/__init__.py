"""The only door to LangGraph."""
