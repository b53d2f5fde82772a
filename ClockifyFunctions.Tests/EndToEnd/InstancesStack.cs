using ClockifyFunctions.LocalHost.Stack;
using ClockifyFunctions.Tests.Support;

namespace ClockifyFunctions.Tests.EndToEnd;

/// <summary>Two instances of the app, for tests that kill one of them or restart storage.</summary>
public sealed class InstancesStack : StackFixture
{
    internal override LocalStackOptions Options => new() { Hosts = 2, AlwaysRestart = true };
}

[CollectionDefinition(Name)]
[Trait(Categories.Name, Categories.Process)]
public sealed class InstancesStackCollection : ICollectionFixture<InstancesStack>
{
    public const string Name = "Instances stack";
}
