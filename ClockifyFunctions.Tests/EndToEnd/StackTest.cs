using System.Text;
using System.Text.Json;
using ClockifyFunctions.LocalHost.ClockifySimulator;
using ClockifyFunctions.LocalHost.Commands;
using ClockifyFunctions.LocalHost.Stack;
using ClockifyFunctions.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClockifyFunctions.Tests.EndToEnd;

/// <summary>A whole local stack for one test: real Azurite, real AMQP, the app as a real process.</summary>
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

    internal async Task<JsonElement> GetAsync(string path)
    {
        using var answer = await Stack.Api.GetAsync(path, Cancel);
        return JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancel)).RootElement;
    }

    /// <summary>Makes a destination, or changes it, and activates it.</summary>
    internal async Task ActivateAsync(string id, string config)
    {
        using var content = new StringContent(config, Encoding.UTF8, "application/json");
        using var answer = await Stack.Api.PutAsync($"destinations/{id}", content, Cancel);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Cancel));
        (await Stack.Api.PostAsync($"destinations/{id}/activate", null, Cancel)).EnsureSuccessStatusCode();
    }

    /// <summary>Judged at the simulator: each record is there once, and the limit was kept.</summary>
    internal void AssertExactlyOnce(IReadOnlyList<string> records)
    {
        Assert.Equal((0, 0), Summary.Compare(records, Ledger.CreatedTimeEntries));
        Assert.Equal(0, Ledger.Responses429);
        Assert.Equal(0, Ledger.WindowsAboveLimit(Seed.AdaKey, Stack.Options.Permits, TimeSpan.FromSeconds(1)));
    }
}
