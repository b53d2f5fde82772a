using System.Text.Json;
using ClockifyFunctions.LocalHost.Stack;

namespace ClockifyFunctions.Tests.Support;

/// <summary>Collects the response events of a stack by id, and waits for a number of them.</summary>
internal sealed class ResponseEvents
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, JsonElement> _events = new(StringComparer.Ordinal);
    private (int Count, TaskCompletionSource Reached)? _awaited;

    public ResponseEvents(BusClient client) => client.Subscribe(LocalStack.Responses, Add);

    public IReadOnlyList<JsonElement> All
    {
        get { lock (_lock) return [.. _events.Values]; }
    }

    public async Task WhenAsync(int count, TimeSpan within)
    {
        Task reached;
        lock (_lock)
        {
            if (_events.Count >= count) return;
            var source = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _awaited = (count, source);
            reached = source.Task;
        }

        try
        {
            await reached.WaitAsync(within, TestContext.Current.CancellationToken);
        }
        catch (TimeoutException)
        {
            Assert.Fail($"{All.Count} of {count} response events within {within.TotalSeconds:0} s.");
        }
    }

    private void Add(string text)
    {
        var received = JsonDocument.Parse(text).RootElement;
        lock (_lock)
        {
            _events[received.GetProperty("id").GetString()!] = received;
            if (_awaited is { } awaited && _events.Count >= awaited.Count) awaited.Reached.TrySetResult();
        }
    }
}
