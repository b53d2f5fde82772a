namespace ClockifyFunctions.LocalHost.ServiceBus;

/// <summary>
/// The entity that the address of a link names. Clients write <c>queue</c>, <c>/queue</c> or <c>amqp://host/queue</c>, each with an
/// optional <c>/$DeadLetterQueue</c> and <c>/$management</c>.
/// </summary>
/// <param name="Entity">Path of the queue, dead-letter suffix included; <c>$cbs</c> for the token node.</param>
internal sealed record EntityAddress(string Entity, bool IsManagement)
{
    public const string Tokens = "$cbs";
    private const string ManagementSuffix = "/$management";

    public bool IsTokens => Entity.Equals(Tokens, StringComparison.OrdinalIgnoreCase);

    public static EntityAddress Parse(string? address)
    {
        var path = address ?? "";
        var scheme = path.IndexOf("://", StringComparison.Ordinal);
        if (scheme >= 0)
        {
            var slash = path.IndexOf('/', scheme + 3);
            path = slash < 0 ? "" : path[slash..];
        }
        path = path.Trim('/');
        var isManagement = path.EndsWith(ManagementSuffix, StringComparison.OrdinalIgnoreCase);
        return new(isManagement ? path[..^ManagementSuffix.Length] : path, isManagement);
    }
}
