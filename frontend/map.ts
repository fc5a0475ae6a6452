// Maps: <div data-map="ID" class="map" aria-label="…"></div> beside the JSON island ID holding a
// MapSpec. Without tiles the markers stand on a plain ground; the page lists the same places as text.
import { divIcon, latLngBounds, map, marker, tileLayer } from "leaflet";
import "leaflet/dist/leaflet.css";
import "./map.css";
import { eachIsland } from "./islands";

interface Place {
  latitude: number;
  longitude: number;
  name: string;
  /** What the tone means in words, so that it is never said by colour alone. */
  state: string;
  tone: "good" | "warning" | "bad" | "plain";
  /** Page of the place. */
  href?: string;
}

interface MapSpec {
  places: Place[];
  tiles?: { url: string; attribution: string; maxZoom: number };
}

const SIGNS: Record<Place["tone"], string> = { good: "✓", warning: "!", bad: "✕", plain: "·" };

eachIsland<MapSpec>("data-map", (element, spec) => {
  const view = map(element, { zoomAnimation: false, fadeAnimation: false });
  view.attributionControl.setPrefix(false);
  if (spec.tiles) {
    const { url, attribution, maxZoom } = spec.tiles;
    tileLayer(url, { attribution, maxZoom }).addTo(view);
  }
  for (const place of spec.places) addPlace(view, place);
  const all = latLngBounds(spec.places.map(({ latitude, longitude }) => [latitude, longitude]));
  if (all.isValid()) view.fitBounds(all, { padding: [24, 24], maxZoom: 13 });
});

function addPlace(view: ReturnType<typeof map>, place: Place): void {
  const sign = document.createElement("span");
  sign.textContent = SIGNS[place.tone];
  const label = `${place.name}：${place.state}`;
  const pin = marker([place.latitude, place.longitude], {
    icon: divIcon({ className: `map-pin map-pin-${place.tone}`, html: sign, iconSize: [24, 24] }),
    title: label,
    alt: label,
  }).addTo(view);
  const { href } = place;
  if (href !== undefined) pin.on("click", () => window.location.assign(href));
}
