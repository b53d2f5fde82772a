using ClockifyFunctions.LocalHost.ClockifySimulator;
using ClockifyFunctions.LocalHost.Commands;
using ClockifyFunctions.LocalHost.Stack;
using ClockifyFunctions.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClockifyFunctions.Tests.EndToEnd;

/// <summary>A test with its own local stack: real Azurite, real AMQP, the app as a real process. Other tests share a stack, see <see cref="SharedStackTest"/>.</summary>
[Trait(Categories.Name, Categories.Process)]
public abstract class StackTest : IAsyncLifetime
{
    protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    internal LocalStack Stack { get; private set; } = null!;

    internal BusClient Client { get; private set; } = null!;

    internal ResponseEvents Events { get; private set; } = null!;

    internal Ledger Ledger => Stack.Simulator!.Ledger;

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    internal virtual LocalStackOptions Options => new() { AlwaysRestart = true };

    public async ValueTask InitializeAsync()
    {
        Stack = await LocalStack.StartAsync(Options, NullLoggerFactory.Instance, Cancel);
        await StartCommand.CreateDestinationAsync(Stack, "entries", Seed.WorkspaceId, Cancel);
        Client = await BusClient.ConnectAsync(Stack.Bus.Port);
        Events = new ResponseEvents(Client);
    }

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        await Stack.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Checks at the simulator that each record exists once and that the limit was kept.</summary>
    internal void AssertExactlyOnce(IReadOnlyList<string> records)
    {
        Assert.Equal((0, 0), Summary.Compare(records, Ledger.CreatedTimeEntries));
        Assert.Equal(0, Ledger.Responses429);
        Assert.Equal(0, Ledger.WindowsAboveLimit(Seed.AdaKey, Stack.Options.Permits, TimeSpan.FromSeconds(1)));
    }
}
