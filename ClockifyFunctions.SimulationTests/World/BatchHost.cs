using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;

namespace ClockifyFunctions.SimulationTests.World;

/// <summary>
/// A host besides Clockify that the credential lists. It accepts records <c>{"n":1}</c> or lists of them. If it refuses one record, it refuses
/// the whole request.
/// </summary>
internal sealed class BatchHost
{
    public const string Authority = "bulk.test";

    private readonly TimeProvider _clock;
    private readonly int[] _refused;

    /// <param name="world">A world that was started with <see cref="Settings"/>.</param>
    /// <param name="refused">Numbers of the records that it refuses.</param>
    public BatchHost(TestWorld world, params int[] refused)
    {
        (_clock, _refused) = (world.Clock, refused);
        world.Hosts.Add(Authority, AnswerAsync);
    }

    public static Dictionary<string, string> Settings { get; } = new() { [$"Credentials__{TestWorld.CredentialName}__AllowedHosts"] = Authority };

    /// <summary>Whether the host answers 503.</summary>
    public bool IsDown { get; set; }

    /// <summary>Whether the host accepts requests and never answers.</summary>
    public bool Hangs { get; set; }

    /// <summary>The latency by the first record of a request.</summary>
    public Func<int, TimeSpan> Latency { get; set; } = static _ => TimeSpan.Zero;

    /// <summary>Called before each answer.</summary>
    public Action Answering { get; set; } = static () => { };

    public HttpStatusCode RefusesWith { get; set; } = HttpStatusCode.BadRequest;

    /// <summary>The record whose request is applied and answered with 408.</summary>
    public int Slow { get; set; } = -1;

    public ConcurrentQueue<int[]> Requests { get; } = [];

    public ConcurrentQueue<int> Taken { get; } = [];

    private async Task<HttpResponseMessage> AnswerAsync(HttpRequestMessage request)
    {
        using var body = JsonDocument.Parse(await request.Content!.ReadAsStreamAsync());
        int[] numbers = body.RootElement.ValueKind == JsonValueKind.Array ? [.. body.RootElement.EnumerateArray().Select(NumberOf)] : [NumberOf(body.RootElement)];
        Requests.Enqueue(numbers);
        Answering();
        await Task.Delay(Hangs ? Timeout.InfiniteTimeSpan : Latency(numbers[0]), _clock);
        if (IsDown) return new HttpResponseMessage(HttpStatusCode.ServiceUnavailable);
        if (numbers.Intersect(_refused).Any()) return new HttpResponseMessage(RefusesWith);
        foreach (var number in numbers) Taken.Enqueue(number);
        return new HttpResponseMessage(numbers.Contains(Slow) ? HttpStatusCode.RequestTimeout : HttpStatusCode.Created);
    }

    private static int NumberOf(JsonElement record) => record.GetProperty("n").GetInt32();
}
