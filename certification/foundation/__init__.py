"""What every room stands on: the exceptions, text that is safe to show, JSON read strictly."""
