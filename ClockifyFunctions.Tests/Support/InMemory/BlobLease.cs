namespace ClockifyFunctions.Tests.Support.InMemory;

/// <summary>The lease of one blob. States and responses follow https://learn.microsoft.com/rest/api/storageservices/lease-blob.</summary>
internal sealed class BlobLease(TimeProvider time)
{
    private string? _id;
    private TimeSpan _duration;
    private DateTimeOffset _ends;
    private bool _isBreaking;

    /// <summary>Available, leased, expired, breaking or broken.</summary>
    public string State =>
        _id is null ? "available"
        : time.GetUtcNow() < _ends ? _isBreaking ? "breaking" : "leased"
        : _isBreaking ? "broken" : "expired";

    public bool IsHeld => State is "leased" or "breaking";

    /// <summary>Applies one operation and returns an error code, or null.</summary>
    public string? Apply(string action, string? id, string? proposed, TimeSpan? duration, TimeSpan? breakPeriod) => action switch
    {
        "acquire" => Acquire(proposed!, duration!.Value),
        "renew" => Renew(id),
        "release" => Release(id),
        "break" => Break(breakPeriod),
        _ => throw new NotSupportedException($"Lease action '{action}' is not implemented."),
    };

    /// <summary>Returns the error code if a write with this lease id is refused; otherwise null.</summary>
    public string? Refuse(string? id)
    {
        if (IsHeld) return id is null ? "LeaseIdMissing" : id == _id ? null : "LeaseIdMismatchWithBlobOperation";
        return id is null ? null : "LeaseNotPresentWithBlobOperation";
    }

    /// <summary>Notes a write. Afterwards an expired lease can no longer be renewed.</summary>
    public void Written()
    {
        if (!IsHeld) _id = null;
    }

    private string? Acquire(string proposed, TimeSpan duration)
    {
        if (State == "breaking" || (State == "leased" && _id != proposed)) return "LeaseAlreadyPresent";
        (_id, _duration, _isBreaking) = (proposed, duration, false);
        _ends = time.GetUtcNow() + duration;
        return null;
    }

    private string? Renew(string? id)
    {
        if (_id is null || _id != id) return "LeaseIdMismatchWithLeaseOperation";
        if (_isBreaking) return "LeaseIsBrokenAndCannotBeRenewed";
        _ends = time.GetUtcNow() + _duration;
        return null;
    }

    private string? Release(string? id)
    {
        if (_id is null || _id != id) return "LeaseIdMismatchWithLeaseOperation";
        (_id, _isBreaking) = (null, false);
        return null;
    }

    private string? Break(TimeSpan? period)
    {
        if (_id is null) return "LeaseNotPresentWithLeaseOperation";
        var now = time.GetUtcNow();
        _isBreaking = true;
        if (period is { } limit && now + limit < _ends) _ends = now + limit;
        return null;
    }
}
