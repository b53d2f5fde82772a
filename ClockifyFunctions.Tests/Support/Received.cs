using System.Text;
using System.Text.Json;
using Azure.Messaging.ServiceBus;

namespace ClockifyFunctions.Tests.Support;

/// <summary>Creates messages in the form in which the Functions host passes them to the worker.</summary>
internal static class Received
{
    public static readonly DateTimeOffset EnqueuedAt = new(2026, 3, 1, 8, 15, 30, TimeSpan.Zero);

    public static ServiceBusReceivedMessage Message(string body, string id = "m-1", DateTimeOffset? enqueued = null, params (string Name, object Value)[] properties) => Message(Encoding.UTF8.GetBytes(body), id, enqueued, properties);

    public static ServiceBusReceivedMessage Message(byte[] body, string id = "m-1", DateTimeOffset? enqueued = null, params (string Name, object Value)[] properties) => ServiceBusModelFactory.ServiceBusReceivedMessage(
        new BinaryData(body), id, properties: properties.ToDictionary(property => property.Name, property => property.Value), deliveryCount: 1, sequenceNumber: 17, enqueuedTime: enqueued ?? EnqueuedAt);

    /// <summary>Application properties from a JSON object of texts and numbers.</summary>
    public static (string, object)[] Properties(string json)
    {
        using var document = JsonDocument.Parse(json);
        return [.. document.RootElement.EnumerateObject().Select(member => (member.Name, member.Value.ValueKind == JsonValueKind.String ? (object)member.Value.GetString()! : member.Value.GetDouble()))];
    }
}
