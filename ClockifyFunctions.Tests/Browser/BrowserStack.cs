using ClockifyFunctions.LocalHost.ClockifySimulator;
using ClockifyFunctions.LocalHost.Commands;
using ClockifyFunctions.LocalHost.Stack;
using ClockifyFunctions.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClockifyFunctions.Tests.Browser;

/// <summary>One local stack for the browser tests, as a person sees it at first: one credential, one destination.</summary>
public sealed class BrowserStack : IAsyncLifetime
{
    internal LocalStack Stack { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        var cancel = TestContext.Current.CancellationToken;
        Stack = await LocalStack.StartAsync(new LocalStackOptions(), NullLoggerFactory.Instance, cancel);
        await StartCommand.CreateDestinationAsync(Stack, "entries", Seed.WorkspaceId, cancel);
    }

    public ValueTask DisposeAsync() => Stack.DisposeAsync();
}

[CollectionDefinition(Name)]
[Trait(Categories.Name, Categories.Process)]
public sealed class BrowserStackCollection : ICollectionFixture<BrowserStack>
{
    public const string Name = "Browser stack";
}
