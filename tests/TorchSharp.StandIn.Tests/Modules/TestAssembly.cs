using Xunit;

// Many tests seed the one default random generator of the process.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
