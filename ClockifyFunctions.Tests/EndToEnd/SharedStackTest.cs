using System.Text;
using System.Text.Json;
using ClockifyFunctions.LocalHost.ClockifySimulator;
using ClockifyFunctions.LocalHost.Commands;
using ClockifyFunctions.LocalHost.Stack;
using ClockifyFunctions.Tests.Support;

namespace ClockifyFunctions.Tests.EndToEnd;

/// <summary>A test on a stack that it shares with other tests. It has its own credential and destinations, and sees only their calls, entries and events.</summary>
public abstract class SharedStackTest : IAsyncLifetime
{
    protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly StackFixture _fixture;

    protected SharedStackTest(StackFixture fixture)
    {
        _fixture = fixture;
        (Credential, Key) = fixture.TakeCredential();
        Entries = Id("entries");
    }

    internal LocalStack Stack => _fixture.Stack;

    internal BusClient Client => _fixture.Client;

    protected string Credential { get; }

    protected string Key { get; }

    /// <summary>The id of a destination that creates time entries. It is active from the start.</summary>
    protected string Entries { get; }

    protected string Config => $$$"""{"credential":"{{{Credential}}}","endpoint":"createTimeEntry","inputs":{"workspaceId":"{{{Seed.WorkspaceId}}}"}}""";

    internal IReadOnlyList<LedgerCall> Calls => Stack.Simulator!.Ledger.CallsOf(Key);

    internal IReadOnlyList<CreatedTimeEntry> Created => [.. Stack.Simulator!.Ledger.CreatedTimeEntries.Where(entry => entry.Key == Ledger.Fingerprint(Key))];

    protected IReadOnlyList<JsonElement> Events => [.. _fixture.Events.All.Where(one => one.GetProperty("data").GetProperty("destination").GetString()!.EndsWith($"-{Credential}", StringComparison.Ordinal))];

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await StartCommand.CreateDestinationAsync(Stack, Entries, Seed.WorkspaceId, Cancel, Credential);

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    /// <summary>The id of another destination of this test.</summary>
    protected string Id(string name) => $"{name}-{Credential}";

    protected Task SendAsync(string destination, params IEnumerable<string> records) => Client.SendAsync(LocalStack.Records, records, destination);

    protected Task EventsAsync(int count) => UntilAsync($"{count} response events", () => Events.Count >= count);

    protected Task CreatedAsync(int count) => UntilAsync($"{count} time entries", () => Created.Count >= count);

    protected static Task UntilAsync(string what, Func<bool> condition) => Eventually.TrueAsync(what, condition, Patience);

    protected async Task<JsonElement> GetAsync(string path)
    {
        using var answer = await Stack.Api.GetAsync(path, Cancel);
        return JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancel)).RootElement;
    }

    /// <summary>Creates or changes a destination, and activates it.</summary>
    protected async Task ActivateAsync(string id, string config)
    {
        using var content = new StringContent(config, Encoding.UTF8, "application/json");
        using var answer = await Stack.Api.PutAsync($"destinations/{id}", content, Cancel);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Cancel));
        (await Stack.Api.PostAsync($"destinations/{id}/activate", null, Cancel)).EnsureSuccessStatusCode();
    }

    /// <summary>Checks at the simulator that each record took effect once and that the limit was kept.</summary>
    protected void AssertExactlyOnce(IReadOnlyCollection<string> records)
    {
        Assert.Equal((0, 0), Summary.Compare(records, Created));
        Assert.DoesNotContain(Calls, call => call.Status == 429);
        Assert.Equal(0, Stack.Simulator!.Ledger.WindowsAboveLimit(Key, Stack.Options.Permits, TimeSpan.FromSeconds(1)));
    }
}
