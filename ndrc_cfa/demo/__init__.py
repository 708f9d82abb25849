"""The demo: two invented training centres at work, built through the actions as people would."""
