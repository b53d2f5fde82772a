using ClockifyFunctions.LocalHost;
using ClockifyFunctions.LocalHost.ClockifySimulator;
using ClockifyFunctions.LocalHost.Commands;
using ClockifyFunctions.LocalHost.Stack;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClockifyFunctions.Tests.Browser;

/// <summary>One local stack for all stories of the console. Each story uses its own destinations and credentials.</summary>
public sealed class ConsoleStack : IAsyncLifetime
{
    /// <summary>Additional credentials: one whose calls are counted, one with access to two workspaces, and one that the API does not know.</summary>
    internal const string CountedKey = "key-of-counted", TwoWorkspacesKey = "key-of-two", UnknownKey = "key-of-nobody";

    internal LocalStack Stack { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        var port = LoopbackPort.Next();
        Stack = await LocalStack.StartAsync(
            new LocalStackOptions
            {
                SimulatorPort = port,
                MoreCredentials = new Dictionary<string, string> { ["counted"] = CountedKey },
                ExtraSettings = new Dictionary<string, string>
                {
                    ["Credentials__two__ApiKey"] = TwoWorkspacesKey,
                    ["Credentials__two__BaseUrl"] = $"http://127.0.0.1:{port}/api/v1",
                    ["Credentials__stranger__ApiKey"] = UnknownKey,
                    ["Credentials__stranger__BaseUrl"] = $"http://127.0.0.1:{port}/api/v1",
                },
            },
            NullLoggerFactory.Instance, TestContext.Current.CancellationToken);
        Stack.Simulator!.AddKey(new SimulatedKey(TwoWorkspacesKey, Seed.EveUserId, "Eve", "eve@example.com", Role.Owner, [Seed.WorkspaceId, Seed.ForeignWorkspaceId]));
        await StartCommand.CreateDestinationAsync(Stack, "entries", Seed.WorkspaceId, TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync() => await Stack.DisposeAsync();
}
