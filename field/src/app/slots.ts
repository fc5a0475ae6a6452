// Where other parts of the app put themselves into a screen. Each is a component in a file of its own;
// one line here shows it.

import type { Component } from "vue";
import BriefingList from "./parts/BriefingList.vue";
import ChangeLinks from "./parts/ChangeLinks.vue";
import ComingList from "./parts/ComingList.vue";
import DueList from "./parts/DueList.vue";
import HalfFilledForms from "./parts/HalfFilledForms.vue";
import LeftPhotos from "./parts/LeftPhotos.vue";
import QuestionList from "./parts/QuestionList.vue";
import VisitPhotos from "./parts/VisitPhotos.vue";

/** On today's screen, below the visits under way. Without props. */
export const TODAY_SECTIONS: readonly Component[] = [ComingList, LeftPhotos, QuestionList, DueList];

/** On a village's screen, below the contacts. Given `code`. */
export const VILLAGE_SECTIONS: readonly Component[] = [BriefingList, ChangeLinks];

/** On the screen of a visit under way, below what was added. Given `draft`. */
export const VISIT_SECTIONS: readonly Component[] = [VisitPhotos];

/** In the settings, below those of the device. Without props. */
export const SETTINGS_SECTIONS: readonly Component[] = [HalfFilledForms];
