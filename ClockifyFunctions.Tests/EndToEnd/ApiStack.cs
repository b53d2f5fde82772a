using ClockifyFunctions.LocalHost.ClockifySimulator;
using ClockifyFunctions.LocalHost.Stack;
using ClockifyFunctions.Tests.Support;

namespace ClockifyFunctions.Tests.EndToEnd;

/// <summary>The stack for tests of the HTTP API. The simulator keeps the bodies of requests.</summary>
public sealed class ApiStack : StackFixture
{
    internal override LocalStackOptions Options => new() { Simulator = new SimulatorOptions { KeepBodies = true } };
}

[CollectionDefinition(Name)]
[Trait(Categories.Name, Categories.Process)]
public sealed class ApiStackCollection : ICollectionFixture<ApiStack>
{
    public const string Name = "API stack";
}
