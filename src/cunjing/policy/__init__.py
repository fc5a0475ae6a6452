"""Policy as code: the model, its loader, the engines, the explanation. No Django, no domains."""
