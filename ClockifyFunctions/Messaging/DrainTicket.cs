using System.Text.Json;
using Azure.Messaging.ServiceBus;

namespace ClockifyFunctions.Messaging;

/// <summary>The message that asks for a drain: <c>{"credential":"…"}</c>.</summary>
internal static class DrainTicket
{
    /// <param name="due">The time at which the broker delivers the ticket; null: immediately.</param>
    public static ServiceBusMessage For(string credential, DateTimeOffset? due)
    {
        var ticket = new ServiceBusMessage($$"""{"credential":"{{credential}}"}""") { MessageId = Guid.NewGuid().ToString(), ContentType = "application/json" };
        if (due is { } time) ticket.ScheduledEnqueueTime = time;
        return ticket;
    }

    /// <summary>The credential that the ticket names; null if the message is not a ticket.</summary>
    public static string? CredentialOf(ServiceBusReceivedMessage message)
    {
        try
        {
            using var json = JsonDocument.Parse(message.Content() ?? default);
            return json.RootElement is { ValueKind: JsonValueKind.Object } root && root.TryGetProperty("credential", out var name) && name.ValueKind == JsonValueKind.String ? name.GetString() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
