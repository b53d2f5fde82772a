using System.Globalization;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Amqp;
using Amqp.Framing;
using ClockifyFunctions.LocalHost.ClockifySimulator;
using ClockifyFunctions.LocalHost.Stack;

namespace ClockifyFunctions.Benchmarks.Chaos;

/// <summary>Five destinations on three keys: creates, updates and deletes, and what each record is to bring about.</summary>
internal sealed class ChaosWork(int records)
{
    public const string Key2 = "simulated-key-2", Key3 = "simulated-key-3";
    private const int VersionsPerObject = 20;

    public static readonly Dictionary<string, string> MoreCredentials = new() { ["key2"] = Key2, ["key3"] = Key3 };

    public int Entries { get; } = records * 3 / 10;

    public int Tags { get; } = records * 15 / 100;

    public int Deletes { get; } = records / 10;

    /// <summary>Time entries that are updated, each <see cref="VersionsPerObject"/> times.</summary>
    public int Objects { get; } = records * 15 / 100 / VersionsPerObject;

    public int Updates => Objects * VersionsPerObject;

    public int Records => (2 * Entries) + Tags + Updates + Deletes;

    public List<string> UpdatedIds { get; } = [];

    public List<string> DeletedIds { get; } = [];

    /// <summary>Makes what is updated and deleted, and the destinations.</summary>
    public async Task PrepareAsync(LocalStack stack)
    {
        using var http = new HttpClient { DefaultRequestHeaders = { { "X-Addon-Token", Seed.AddonToken } } };
        for (var number = 0; number < Objects; number++) UpdatedIds.Add(await CreateAsync("time-entries", $$"""{"start":"2026-11-02T08:00:00Z","description":"object {{number}}"}"""));
        for (var number = 0; number < Deletes; number++) DeletedIds.Add(await CreateAsync("tags", $$"""{"name":"to be deleted {{number}}"}"""));
        await PutAsync(stack, "entries", LocalStack.Credential, "createTimeEntry");
        await PutAsync(stack, "updates", LocalStack.Credential, "updateTimeEntry");
        await PutAsync(stack, "entries-2", "key2", "createTimeEntry");
        await PutAsync(stack, "deletes", "key2", "deleteTag");
        await PutAsync(stack, "tags", "key3", "createTag");

        async Task<string> CreateAsync(string what, string body)
        {
            using var answer = await http.PostAsync(new Uri($"{stack.Simulator!.BaseAddress}/workspaces/{Seed.WorkspaceId}/{what}"), new StringContent(body, Encoding.UTF8, "application/json"));
            answer.EnsureSuccessStatusCode();
            return JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["id"]!.GetValue<string>();
        }
    }

    /// <summary>All messages, mixed; the updates are one message, so that queue order is backlog order whichever process takes which message.</summary>
    public IEnumerable<(string Destination, string Body)> Messages(Random random)
    {
        var messages = new List<(string, string)>();
        foreach (var destination in new[] { "entries", "entries-2" })
            for (var number = 0; number < Entries; number++) messages.Add((destination, $$"""{"start":"2026-11-{{1 + (number % 28):00}}T09:00:00Z","duration":"PT1H","description":"{{destination}} {{number}}"}"""));
        for (var number = 0; number < Tags; number++) messages.Add(("tags", $$"""{"name":"tag {{number}}"}"""));
        messages.AddRange(DeletedIds.Select(id => ("deletes", $$"""{"id":"{{id}}"}""")));
        var updates = Enumerable.Range(1, VersionsPerObject).SelectMany(version => UpdatedIds.Select(id => $$"""{"id":"{{id}}","start":"2026-11-02T08:00:00Z","end":"2026-11-02T09:00:00Z","description":"version {{version}}"}"""));
        messages.Add(("updates", $"[{string.Join(',', updates)}]"));
        var shuffled = messages.ToArray();
        random.Shuffle(shuffled);
        return shuffled;
    }

    /// <summary>Lost, duplicates, order violations.</summary>
    public (int Lost, int Duplicates, int OrderViolations) Judge(Ledger ledger)
    {
        var (lost, duplicates, violations) = (0, 0, 0);
        var calls = ledger.Calls.Where(call => call.EffectApplied).ToArray();
        var created = ledger.CreatedTimeEntries.CountBy(entry => entry.Description).ToDictionary();
        foreach (var destination in new[] { "entries", "entries-2" })
            for (var number = 0; number < Entries; number++) Count(created.GetValueOrDefault($"{destination} {number}"));
        var tags = calls.Where(call => call is { Method: "POST", CreatedId: not null } && call.Path.EndsWith("/tags", StringComparison.Ordinal))
            .CountBy(call => JsonNode.Parse(call.Body!)!["name"]!.GetValue<string>()).ToDictionary();
        for (var number = 0; number < Tags; number++) Count(tags.GetValueOrDefault($"tag {number}"));
        lost += DeletedIds.Count(id => !calls.Any(call => call.Method == "DELETE" && call.Path.EndsWith(id, StringComparison.Ordinal)));
        foreach (var id in UpdatedIds)
        {
            var versions = calls.Where(call => call.Method == "PUT" && call.Path.EndsWith(id, StringComparison.Ordinal)).Select(call => VersionOf(call.Body!)).ToArray();
            lost += VersionsPerObject - versions.Distinct().Count();
            // After a crash, updates whose outcome was not yet written are sent again, in order and without a gap, up to the latest.
            violations += versions.Prepend(0).Zip(versions).Count(pair => pair.Second > pair.First + 1) + (versions[^1] == VersionsPerObject ? 0 : 1);
        }

        return (lost, duplicates, violations);

        void Count(int found)
        {
            if (found == 0) lost++;
            duplicates += Math.Max(0, found - 1);
        }
    }

    private static int VersionOf(string body) => int.Parse(JsonNode.Parse(body)!["description"]!.GetValue<string>().Split(' ')[1], CultureInfo.InvariantCulture);

    public static Message ToMessage(string destination, string body) => new()
    {
        Properties = new Properties { MessageId = Guid.NewGuid().ToString() },
        ApplicationProperties = new ApplicationProperties { ["destination"] = destination },
        BodySection = new Data { Binary = Encoding.UTF8.GetBytes(body) },
    };

    private static async Task PutAsync(LocalStack stack, string id, string credential, string endpoint)
    {
        using var config = JsonContent.Create(new { credential, endpoint, inputs = new { workspaceId = Seed.WorkspaceId } });
        await config.LoadIntoBufferAsync();
        (await stack.Api.PutAsync($"destinations/{id}", config)).EnsureSuccessStatusCode();
        (await stack.Api.PostAsync($"destinations/{id}/activate", null)).EnsureSuccessStatusCode();
    }
}
