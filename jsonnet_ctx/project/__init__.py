"""What the user wrote: configs, actions, templates and identity schemas, as bindings."""
