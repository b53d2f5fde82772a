using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Amqp;
using Amqp.Framing;
using ClockifyFunctions.LocalHost.ClockifySimulator;
using ClockifyFunctions.LocalHost.Stack;

namespace ClockifyFunctions.Benchmarks.Chaos;

/// <summary>Six destinations on three keys, with creates, updates, deletes and upserts, and the expected effect of each record.</summary>
internal sealed class ChaosWork(int records)
{
    public const string Key2 = "simulated-key-2", Key3 = "simulated-key-3";
    private const int VersionsPerObject = 20, VersionsPerKey = 4;

    public static readonly Dictionary<string, string> MoreCredentials = new() { ["key2"] = Key2, ["key3"] = Key3 };

    public int Entries { get; } = records / 4;

    public int Tags { get; } = records * 15 / 100;

    public int Deletes { get; } = records / 10;

    /// <summary>Number of time entries that are updated, each <see cref="VersionsPerObject"/> times.</summary>
    public int Objects { get; } = records * 15 / 100 / VersionsPerObject;

    public int Updates => Objects * VersionsPerObject;

    /// <summary>Number of external keys, each of which <see cref="VersionsPerKey"/> records name.</summary>
    public int Keys { get; } = records / 10 / VersionsPerKey;

    public int Records => (2 * Entries) + Tags + Updates + Deletes + (Keys * VersionsPerKey);

    public List<string> UpdatedIds { get; } = [];

    public List<string> DeletedIds { get; } = [];

    /// <summary>Creates the destinations and the objects to update and delete.</summary>
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
        await PutAsync(stack, "upserts", UpsertConfig);

        async Task<string> CreateAsync(string what, string body)
        {
            using var answer = await http.PostAsync(new Uri($"{stack.Simulator!.BaseAddress}/workspaces/{Seed.WorkspaceId}/{what}"), new StringContent(body, Encoding.UTF8, "application/json"));
            answer.EnsureSuccessStatusCode();
            return JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["id"]!.GetValue<string>();
        }
    }

    /// <summary>All messages in random order. The updates are one message, so that they are in order in the backlog, independent of the process that ingests them.</summary>
    public IEnumerable<(string Destination, string Body)> Messages(Random random)
    {
        var messages = new List<(string, string)>();
        foreach (var destination in new[] { "entries", "entries-2" })
            for (var number = 0; number < Entries; number++) messages.Add((destination, $$"""{"start":"2026-11-{{1 + (number % 28):00}}T09:00:00Z","duration":"PT1H","description":"{{destination}} {{number}}"}"""));
        for (var number = 0; number < Tags; number++) messages.Add(("tags", $$"""{"name":"tag {{number}}"}"""));
        messages.AddRange(DeletedIds.Select(id => ("deletes", $$"""{"id":"{{id}}"}""")));
        var updates = Enumerable.Range(1, VersionsPerObject).SelectMany(version => UpdatedIds.Select(id => $$"""{"id":"{{id}}","start":"2026-11-02T08:00:00Z","end":"2026-11-02T09:00:00Z","description":"version {{version}}"}"""));
        messages.Add(("updates", $"[{string.Join(',', updates)}]"));
        var upserts = Enumerable.Range(1, VersionsPerKey).SelectMany(version => Enumerable.Range(0, Keys).Select(key => $$"""{"key":"{{key}}","name":"upsert {{key}} version {{version}}"}"""));
        messages.Add(("upserts", $"[{string.Join(',', upserts)}]"));
        var shuffled = messages.ToArray();
        random.Shuffle(shuffled);
        return shuffled;
    }

    /// <summary>Counts lost records, duplicates and order violations.</summary>
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
            // After a crash, updates without a durable outcome are sent again, in order and without a gap, up to the latest one.
            violations += versions.Prepend(0).Zip(versions).Count(pair => pair.Second > pair.First + 1) + (versions[^1] == VersionsPerObject ? 0 : 1);
        }

        foreach (var key in Enumerable.Range(0, Keys))
        {
            var writes = calls.Where(call => call.Method is "POST" or "PUT" && call.Path.Contains("/tags", StringComparison.Ordinal) && call.Body!.Contains($"\"upsert {key} ", StringComparison.Ordinal)).ToArray();
            Count(writes.Count(call => call.CreatedId is not null));
            // A key is one object: all its updates go there.
            duplicates += Math.Max(0, writes.Where(call => call.Method == "PUT").Select(call => call.Path).Distinct().Count() - 1);
            var versions = writes.Select(call => UpsertOf(call.Body!)).ToArray();
            lost += VersionsPerKey - versions.Distinct().Count();
            violations += versions.Prepend(0).Zip(versions).Count(pair => pair.Second > pair.First + 1) + (versions is [.., VersionsPerKey] ? 0 : 1);
        }

        return (lost, duplicates, violations);

        void Count(int found)
        {
            if (found == 0) lost++;
            duplicates += Math.Max(0, found - 1);
        }
    }

    /// <summary>The records of an event. After a crash, one event can contain several records whose outcome was not stored.</summary>
    public static IEnumerable<string> RecordsIn(JsonElement received)
    {
        var data = received.GetProperty("data");
        var destination = data.GetProperty("destination").GetString();
        return data.TryGetProperty("unchanged", out var unchanged)
            ? unchanged.EnumerateArray().Select(record => $"{destination}/{record.GetProperty("recordId").GetString()}")
            : [$"{destination}/{data.GetProperty("recordId").GetString()}"];
    }

    /// <summary>Creates tags by an external key, and renames them.</summary>
    public static string UpsertConfig => $$"""{"credential":"key3","sync":"tags","key":"{record.key}","inputs":{"workspaceId":"{{Seed.WorkspaceId}}"} }""";

    private static int UpsertOf(string body) => int.Parse(JsonNode.Parse(body)!["name"]!.GetValue<string>().Split(' ')[3], CultureInfo.InvariantCulture);

    private static int VersionOf(string body) => int.Parse(JsonNode.Parse(body)!["description"]!.GetValue<string>().Split(' ')[1], CultureInfo.InvariantCulture);

    public static Message ToMessage(string destination, string body) => new()
    {
        Properties = new Properties { MessageId = Guid.NewGuid().ToString() },
        ApplicationProperties = new ApplicationProperties { ["destination"] = destination },
        BodySection = new Data { Binary = Encoding.UTF8.GetBytes(body) },
    };

    private static Task PutAsync(LocalStack stack, string id, string credential, string endpoint) => PutAsync(stack, id, JsonSerializer.Serialize(new { credential, endpoint, inputs = new { workspaceId = Seed.WorkspaceId } }));

    private static async Task PutAsync(LocalStack stack, string id, string json)
    {
        using var config = new StringContent(json, Encoding.UTF8, "application/json");
        (await stack.Api.PutAsync($"destinations/{id}", config)).EnsureSuccessStatusCode();
        (await stack.Api.PostAsync($"destinations/{id}/activate", null)).EnsureSuccessStatusCode();
    }
}
