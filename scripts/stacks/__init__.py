"""The two ways to run the same processes, Compose and embedded, behind the same verbs."""
