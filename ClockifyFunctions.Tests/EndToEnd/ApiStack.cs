using ClockifyFunctions.LocalHost.ClockifySimulator;
using ClockifyFunctions.LocalHost.Stack;
using ClockifyFunctions.Tests.Support;

namespace ClockifyFunctions.Tests.EndToEnd;

/// <summary>For tests of the HTTP API and of the console. The simulator keeps what was sent.</summary>
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
