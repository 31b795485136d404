"""Why a number was called, refused, or when it may next be called."""
