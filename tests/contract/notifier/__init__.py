"""What every notifier does."""
