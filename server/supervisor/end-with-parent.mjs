// Loaded into programs that are not ours (Next's server): nothing may outlive the supervisor, a killed one included.
process.once('disconnect', () => process.exit(0));
