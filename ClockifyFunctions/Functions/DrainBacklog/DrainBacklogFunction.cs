using System.Text.Json;
using ClockifyFunctions.Configuration;
using ClockifyFunctions.Delivery;

namespace ClockifyFunctions.Functions.DrainBacklog;

/// <summary>Redeems one ticket: steps 3 to 7 for the backlogs of one credential.</summary>
internal sealed class DrainBacklogFunction(Drain drain, AppSettings settings, ILogger<DrainBacklogFunction> log)
{
    /// <param name="redelivered">An earlier process took this ticket and did not finish: it may have died holding the gate.</param>
    public async Task RunAsync(ReadOnlyMemory<byte> ticket, bool redelivered, CancellationToken stopping)
    {
        // A ticket we cannot read is dropped: it is only a hint, and the sweep finds every backlog without one.
        if (ReadCredential(ticket) is not { } name) log.LogWarning("A drain ticket is not {{\"credential\":\"…\"}} and is dropped.");
        else if (!settings.Credentials.TryGetValue(name, out var credential)) log.LogWarning("A drain ticket names credential {Credential}, which is not in the app settings; its records wait.", name);
        else await drain.RunAsync(credential, redelivered, stopping);
    }

    private static string? ReadCredential(ReadOnlyMemory<byte> ticket)
    {
        try
        {
            using var json = JsonDocument.Parse(ticket);
            return json.RootElement is { ValueKind: JsonValueKind.Object } root && root.TryGetProperty("credential", out var name) && name.ValueKind == JsonValueKind.String ? name.GetString() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
