namespace ClockifyFunctions.Delivery;

/// <summary>Batches that are not full and wait for more records.</summary>
/// <param name="Until">When the first of them goes as it is.</param>
/// <param name="Bytes">By destination: how much of its backlog is held. Anything beyond that has come since.</param>
internal sealed record HeldBatches(DateTimeOffset Until, Dictionary<string, long> Bytes)
{
    public static HeldBatches? Of(IEnumerable<Lane> lanes)
    {
        var held = lanes.Select(lane => lane.Held).OfType<HeldBatches>().ToArray();
        return held.Length == 0 ? null : new HeldBatches(held.Min(one => one.Until), held.SelectMany(one => one.Bytes).ToDictionary());
    }
}
