using System.Text.Json;
using ClockifyFunctions.LocalHost.Stack;

namespace ClockifyFunctions.Benchmarks;

/// <summary>Storage transactions of all app processes of a stack since their start, as the processes count them.</summary>
internal sealed record StorageUse(IReadOnlyDictionary<string, long> ByOperation, long OnGates)
{
    public long Total => ByOperation.Values.Sum();

    public static StorageUse operator -(StorageUse later, StorageUse earlier) =>
        new(later.ByOperation.ToDictionary(entry => entry.Key, entry => entry.Value - earlier.ByOperation.GetValueOrDefault(entry.Key)), later.OnGates - earlier.OnGates);

    public static async Task<StorageUse> ReadAsync(LocalStack stack)
    {
        var (byOperation, onGates) = (new Dictionary<string, long>(), 0L);
        foreach (var host in stack.Hosts)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(host.Address, "/api/health/ready")) { Headers = { { "x-functions-key", stack.FunctionKey } } };
            using var answer = await stack.Api.SendAsync(request);
            using var ready = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
            onGates += ready.RootElement.GetProperty("gateTransactions").GetInt64();
            foreach (var member in ready.RootElement.GetProperty("storageTransactionsByOperation").EnumerateObject())
                byOperation[member.Name] = byOperation.GetValueOrDefault(member.Name) + member.Value.GetInt64();
        }

        return new StorageUse(byOperation, onGates);
    }
}
