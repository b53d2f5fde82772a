using System.Text;

namespace ClockifyFunctions.LocalHost.FunctionsHost.Invocations;

/// <summary>Builds the body of POST /&lt;function&gt;: section 4 of the custom handler protocol.</summary>
internal static class InvocationBody
{
    public static string Single(
        string binding, QueueMessage message, bool binary, string brokerNamespace, InvocationStamp stamp)
    {
        var metadata = ClientObjects(brokerNamespace);
        AddUnlessNull(metadata, QueueMetadata.Of(message));
        metadata.Add(new("sys", Sys(stamp)));
        if (binary) return Body(binding, JsonWriting.Quote(Convert.ToBase64String(message.Body)), metadata);

        var text = Encoding.UTF8.GetString(message.Body);
        BodyOverlay.Apply(metadata, text);
        return Body(binding, Twice(JsonWriting.Quote(text)), metadata);
    }

    public static string Batch(
        string binding, IReadOnlyList<QueueMessage> messages, bool binary, string brokerNamespace, InvocationStamp stamp)
    {
        var metadata = ClientObjects(brokerNamespace);
        metadata.AddRange(QueueMetadata.Of(messages).Select(e => KeyValuePair.Create(e.Key, Twice(e.Value))));
        metadata.Add(new("sys", Sys(stamp)));
        var bodies = messages.Select(m => JsonWriting.Quote(
            binary ? Convert.ToBase64String(m.Body) : Encoding.UTF8.GetString(m.Body)));
        return Body(binding, Twice(JsonWriting.Array(bodies)), metadata);
    }

    public static string Timer(string binding, InvocationStamp stamp) => Body(
        binding,
        """{"Schedule":{"AdjustForDST":true},"ScheduleStatus":null,"IsPastDue":false}""",
        [new("sys", Sys(stamp))]);

    /// <summary>JSON text inside a JSON string: how the host sends everything but objects, dates and bytes.</summary>
    internal static string Twice(string json) => JsonWriting.Quote(json);

    private static string Body(string binding, string data, IEnumerable<KeyValuePair<string, string>> metadata) =>
        JsonWriting.Object(
        [
            new("Data", JsonWriting.Object([new(binding, data)])),
            new("Metadata", JsonWriting.Object(metadata)),
        ]);

    private static string Sys(InvocationStamp stamp) => JsonWriting.Object(
    [
        new("MethodName", JsonWriting.Quote(stamp.Function)),
        new("UtcNow", JsonWriting.Quote(JsonWriting.Precise(stamp.UtcNow.UtcDateTime))),
        new("RandGuid", JsonWriting.Quote(stamp.RandGuid.ToString())),
    ]);

    /// <summary>Their content depends on the client library; the recordings hold a stand-in's, and so do we.</summary>
    private static List<KeyValuePair<string, string>> ClientObjects(string brokerNamespace) =>
    [
        new("MessageReceiver", "{}"),
        new("MessageSession", "{}"),
        new("MessageActions", "{}"),
        new("SessionActions", "{}"),
        new("ReceiveActions", "{}"),
        new("Client", JsonWriting.Object(
        [
            new("FullyQualifiedNamespace", JsonWriting.Quote(brokerNamespace)),
            new("IsClosed", "false"),
            new("TransportType", "0"),
            new("Identifier", JsonWriting.Quote(brokerNamespace + "-" + Guid.Empty)),
        ])),
    ];

    private static void AddUnlessNull(
        List<KeyValuePair<string, string>> metadata, IEnumerable<KeyValuePair<string, string?>> entries)
    {
        foreach (var (name, value) in entries)
            if (value is not null) metadata.Add(new(name, value));
    }
}
